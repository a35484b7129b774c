package dev.heal.engine.source.inbox;

/**
 * An item that came.
 *
 * @param at the stamp of its entry; never before that of an entry before it
 */
public record Entry<T>(long at, Importance importance, String source, T item) {}
