package dev.heal.engine.source.ingest;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The head of a request.
 *
 * @param path decoded
 * @param length of the body, where it is said beforehand
 * @param origin of the page of a browser that sends it
 * @param encoding of the body, such as gzip; empty: none
 */
record Request(
    String method,
    String path,
    OptionalLong length,
    Optional<String> origin,
    Optional<String> encoding) {
  static Request of(HttpExchange exchange) {
    Headers headers = exchange.getRequestHeaders();
    String path = Optional.ofNullable(exchange.getRequestURI().getPath()).orElse("");
    return new Request(
        exchange.getRequestMethod(),
        path,
        length(Optional.ofNullable(headers.getFirst("Content-Length"))),
        Optional.ofNullable(headers.getFirst("Origin")),
        Optional.ofNullable(headers.getFirst("Content-Encoding"))
            .filter(encoding -> !encoding.equalsIgnoreCase("identity")));
  }

  /** The server has refused what is no number. */
  private static OptionalLong length(Optional<String> text) {
    return text.filter(digits -> digits.matches("\\d{1,18}")).isPresent()
        ? OptionalLong.of(Long.parseLong(text.get()))
        : OptionalLong.empty();
  }
}
