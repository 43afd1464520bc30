/// The page in the browser.
@NullMarked
package ai.hadal.server.web;

import org.jspecify.annotations.NullMarked;
