/// The definition of every operation as plain scalar Java, written to be read beside the report.
@NullMarked
package ai.hadal.backend.reference;

import org.jspecify.annotations.NullMarked;
