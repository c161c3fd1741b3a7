package io.observer.web.cli;

import io.observer.event.EventNames;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads the name of a job or of an event. */
final class NameConverter implements ITypeConverter<String> {

    @Override
    public String convert(String value) {
        if (!EventNames.isLegal(value)) {
            throw new TypeConversionException("'" + value + "' " + EventNames.RULE);
        }
        return value;
    }
}
