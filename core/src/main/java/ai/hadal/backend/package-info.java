/// The operation set that every kind of hardware implements. Knows no layer, no configuration, no cache policy.
@NullMarked
package ai.hadal.backend;

import org.jspecify.annotations.NullMarked;
