// The browser's storage, which may be full or forbidden. Where it is forbidden, texts are kept until the page is left.

const instead = new Map();

/** Whether the browser forbids this page to keep anything. */
export function forbidden(area = 'localStorage') {
  try {
    return !window[area];
  } catch {
    return true;
  }
}

/** The text kept under this name, or null. `area` is 'localStorage' or, for what ends with the tab, 'sessionStorage'. */
export function kept(name, area = 'localStorage') {
  if (forbidden(area)) return instead.get(name) ?? null;
  return window[area].getItem(name);
}

/** Keeps a text, or with null nothing, under this name; false if there is no room. */
export function keep(name, text, area = 'localStorage') {
  if (forbidden(area)) {
    if (text === null) instead.delete(name);
    else instead.set(name, text);
    return true;
  }
  try {
    if (text === null) window[area].removeItem(name);
    else window[area].setItem(name, text);
    return true;
  } catch {
    return false;
  }
}
