/** The log in Redis: against a real one, and against one that answers oddly. */
package io.observer.log.redis;
