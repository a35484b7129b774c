/**
 * What the commands around bundles and generations do with files, and how they show what they find.
 * In: paths, bundles, differences. Out: files that are whole, text, JSON. Never: a private key that
 * somebody else can read.
 */
@NullMarked
package dev.heal.engine.cli.bundle;

import org.jspecify.annotations.NullMarked;
