// Keys of the page. Letters are read by their place where Alt is held, for Alt changes what they write.

/** Fingers and no keyboard but the one on the screen. */
export const phone = matchMedia('(hover: none) and (pointer: coarse)');

/** Enter sends; with Shift, while a word is being composed, or on a phone's keyboard it makes a new line. */
export function isSend(event) {
  if (event.key !== 'Enter' || event.isComposing || event.shiftKey) return false;
  return event.ctrlKey || event.metaKey || !phone.matches;
}

/** Makes a text box as high as its text; its style sheet sets the limit. */
export function fit(box) {
  box.style.height = 'auto';
  box.style.height = `${box.scrollHeight + box.offsetHeight - box.clientHeight}px`;
}

/** Calls the action a key stands for, wherever the focus is. */
export function listen(actions) {
  addEventListener('keydown', (event) => {
    const action = actions[actionOf(event)];
    if (!action || event.defaultPrevented || event.isComposing) return;
    if (action() !== false) event.preventDefault();
  });
}

function actionOf(event) {
  const control = event.ctrlKey || event.metaKey;
  // An open dialog or menu has the keys; Escape closes it.
  if (document.querySelector('dialog[open], :popover-open')) return null;
  if (control && !event.altKey && !event.shiftKey) {
    return { k: 'newChat', ',': 'settings', b: 'sidebar', '/': 'help' }[event.key.toLowerCase()];
  }
  if (event.altKey && !control) {
    return { KeyR: 'regenerate', KeyM: 'nextMode', KeyC: 'copy', ArrowUp: 'previousChat', ArrowDown: 'nextChat' }[event.code];
  }
  if (event.key === 'Escape') return 'stop';
  if (control || isText(event.target)) return null;
  return { '?': 'help', '/': 'write' }[event.key];
}

function isText(node) {
  return node.matches?.('textarea, select, input:not([type=radio], [type=checkbox], [type=button])') ?? false;
}
