// The browser's storage, which may be full or forbidden: the page then works on and forgets with the tab.

/** The text kept under this name, or null. `area` is 'localStorage' or, for what ends with the tab, 'sessionStorage'. */
export function kept(name, area = 'localStorage') {
  try {
    return window[area].getItem(name);
  } catch {
    return null;
  }
}

/** Keeps a text, or with null nothing, under this name; false if the browser refuses. */
export function keep(name, text, area = 'localStorage') {
  try {
    if (text === null) window[area].removeItem(name);
    else window[area].setItem(name, text);
    return true;
  } catch {
    return false;
  }
}
