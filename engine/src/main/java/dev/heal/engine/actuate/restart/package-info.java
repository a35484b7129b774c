/**
 * A restart, the whole way: hold new requests, save the state, stop, make sure that nothing holds a
 * GPU, take back what was pending, start, wait for health, let requests in again. In: a service and
 * what its site binds. Out: what was done, and what was left out. Never: a start beside what still
 * runs, or a process killed that is not the service's.
 */
@NullMarked
package dev.heal.engine.actuate.restart;

import org.jspecify.annotations.NullMarked;
