import { byId, h } from './dom.js';

const TIME_TO_READ = 8000;
let timer = 0;

/** A line at the foot of the page for a while, with something to do about it if `action` is given. */
export function notice(text, label, action) {
  const node = byId('notice');
  clearTimeout(timer);
  node.replaceChildren(h('span', {}, text));
  if (label) node.append(h('button', { type: 'button', onclick: () => { hide(); action(); } }, label));
  node.hidden = false;
  // With something to do it stays until the pointer or the focus is elsewhere.
  const later = () => (timer = setTimeout(() => (node.matches(':hover, :focus-within') ? later() : hide()), TIME_TO_READ));
  later();
}

function hide() {
  clearTimeout(timer);
  byId('notice').hidden = true;
}
