/**
 * What an Alertmanager posts: its webhook, version 4. In: the body. Out: alerts with their labels,
 * or what is wrong with it. Never: whom an alert is about.
 */
@NullMarked
package dev.heal.engine.source.alert;

import org.jspecify.annotations.NullMarked;
