package io.observer.receive;

import io.observer.event.JsonMember;
import java.util.Map;

/** Something that a daemon says of its own accord. */
record Notification(String method, Map<String, JsonMember> params) {}
