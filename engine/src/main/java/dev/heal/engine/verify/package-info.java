/**
 * Did it help? In: confirmations that are asked for, changes of watched conditions, the time. Out:
 * a proof each. Only facts from after the step count; silence proves nothing.
 */
@NullMarked
package dev.heal.engine.verify;

import org.jspecify.annotations.NullMarked;
