package dev.heal.engine.source.socket;

/**
 * A whole answer.
 *
 * @param status 200, for example
 */
public record Answer(int status, String body) {}
