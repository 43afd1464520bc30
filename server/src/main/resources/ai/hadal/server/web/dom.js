const SVG = 'http://www.w3.org/2000/svg';

/**
 * An element: attributes whose name begins with "on" are listeners; null, undefined and false are left out. A child
 * may be a list of children, of any length.
 */
export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  append(node, children);
  return node;
}

/** Appends children one by one: as arguments of one call, a long answer's would be too many. */
export function append(node, children) {
  for (const child of children) {
    if (Array.isArray(child)) append(node, child);
    else if (child !== undefined && child !== null && child !== false) node.append(child);
  }
}

/** A drawing from the sprite in index.html; it says nothing to a screen reader. */
export function icon(name) {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS(SVG, 'use');
  use.setAttribute('href', `#i-${name}`);
  svg.append(use);
  return svg;
}

/** A small button of a drawing and a name; the name is its tooltip and what a screen reader says. */
export function iconButton(name, label, onclick, attributes = {}) {
  return h('button', { type: 'button', class: 'icon-button', title: label, 'aria-label': label, onclick, ...attributes }, icon(name));
}

/** The element of this id; the page always has it. */
export const byId = (id) => document.getElementById(id);

/** Copies text and shows it on the button for a moment. */
export async function copyFrom(button, text) {
  const done = await copy(text);
  button.dataset.copied = done ? 'yes' : 'no';
  announce(done ? 'Copied' : 'The browser refused to copy');
  setTimeout(() => delete button.dataset.copied, 1600);
}

/** A page from another machine over plain HTTP has no clipboard object: the old command still works there. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const box = h('textarea', { class: 'off-screen', 'aria-hidden': 'true', tabindex: '-1' });
    const focused = document.activeElement;
    box.value = text;
    document.body.append(box);
    box.select();
    const done = document.execCommand('copy');
    box.remove();
    focused?.focus();
    return done;
  }
}

/** Says a line to screen readers without moving the focus. */
export function announce(text) {
  byId('announcer').textContent = text;
}

/** Offers a text as a file to save. */
export function download(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
  h('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
