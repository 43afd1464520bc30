import { byId, h, iconButton } from './dom.js';
import { keep, kept } from './storage.js';

const narrow = matchMedia('(max-width: 800px)');
const CLOSED = 'hadal.sidebar-closed';

/** The list of chats beside the page, or over it where there is no room beside. */
export class Sidebar {
  #node = byId('sidebar');
  #list = byId('chats');
  #menu = byId('chat-menu');
  #toggle = byId('sidebar-toggle');
  #entry = null;

  /** `actions`: open(id), newChat(), rename(id, title), exported(id), remove(id), importFile(file), exportAll(). */
  constructor(actions) {
    this.actions = actions;
    this.#toggle.addEventListener('click', () => this.toggle());
    byId('shade').addEventListener('click', () => this.#set(false));
    byId('new-chat').addEventListener('click', () => {
      this.#closeIfNarrow();
      actions.newChat();
    });
    this.#node.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && narrow.matches && !event.defaultPrevented) this.#set(false);
    });
    this.#menu.addEventListener('toggle', ({ newState }) => {
      if (newState === 'closed') this.#list.querySelector('[aria-expanded="true"]')?.setAttribute('aria-expanded', 'false');
    });
    this.#menuItem('menu-rename', (entry) => this.#rename(entry));
    this.#menuItem('menu-export', (entry) => actions.exported(entry.id));
    this.#menuItem('menu-delete', (entry) => actions.remove(entry.id));
    byId('export').addEventListener('click', actions.exportAll);
    byId('import').addEventListener('click', () => byId('import-file').click());
    byId('import-file').addEventListener('change', (event) => {
      const [file] = event.target.files;
      if (file) actions.importFile(file);
      event.target.value = '';
    });
    narrow.addEventListener('change', () => this.#set(this.#wanted()));
    this.#set(this.#wanted());
  }

  toggle() {
    const opens = !this.isOpen;
    // Only what the user moves is seen moving, not the page taking its form.
    document.body.classList.add('moves');
    this.#set(opens);
    if (!narrow.matches) keep(CLOSED, opens ? null : 'yes');
    if (opens && narrow.matches) byId('new-chat').focus();
  }

  get isOpen() {
    return document.body.classList.contains('sidebar-open');
  }

  /** Draws the list: titles, which chat is on the page and in which an answer is being made. */
  show(entries, current, running) {
    // A title being typed is not swept away by an answer that happens to end.
    if (this.#list.querySelector('input')) return;
    const focused = document.activeElement?.closest?.('#chats li');
    const place = [...this.#list.children].indexOf(focused);
    this.#list.replaceChildren(...entries.map((entry) => this.#row(entry, entry.id === current, running.has(entry.id))));
    if (focused) {
      // The row of a deleted chat hands the focus to the one that takes its place.
      const row = this.#list.querySelector(`li[data-id="${focused.dataset.id}"]`) ?? this.#list.children[place] ?? this.#list.lastElementChild;
      (row?.querySelector('button') ?? byId('new-chat')).focus();
    }
    byId('no-chats').hidden = entries.length > 0;
  }

  #row(entry, current, running) {
    const open = h('button', { type: 'button', class: 'title', 'aria-current': current ? 'true' : null, title: entry.title },
      h('span', {}, entry.title), running && h('span', { class: 'live', role: 'img', 'aria-label': 'answering' }));
    open.addEventListener('click', () => {
      this.#closeIfNarrow();
      this.actions.open(entry.id);
    });
    open.addEventListener('keydown', (event) => {
      if (event.key === 'F2') this.#rename(entry);
      else if (event.key === 'Delete') this.actions.remove(entry.id);
      else if (event.key === 'ArrowDown') sibling(open, 'nextElementSibling');
      else if (event.key === 'ArrowUp') sibling(open, 'previousElementSibling');
      else return;
      event.preventDefault();
    });
    const more = iconButton('more', `Rename, export or delete ${entry.title}`, () => this.#openMenu(entry, more), { 'aria-expanded': 'false' });
    return h('li', { 'data-id': entry.id }, open, more);
  }

  #menuItem(id, action) {
    byId(id).addEventListener('click', () => {
      this.#menu.hidePopover();
      action(this.#entry);
    });
  }

  #openMenu(entry, button) {
    this.#entry = entry;
    // It is seen while its menu is open, or the focus could not return to it.
    button.setAttribute('aria-expanded', 'true');
    this.#menu.showPopover({ source: button });
    const { left, bottom, top } = button.getBoundingClientRect();
    const { offsetHeight, offsetWidth } = this.#menu;
    const below = bottom + offsetHeight < innerHeight;
    this.#menu.style.top = `${below ? bottom : top - offsetHeight}px`;
    this.#menu.style.left = `${Math.min(left, innerWidth - offsetWidth - 8)}px`;
    this.#menu.querySelector('button').focus();
  }

  #rename(entry) {
    const row = this.#list.querySelector(`li[data-id="${entry.id}"]`);
    const box = h('input', { type: 'text', 'aria-label': 'Title', maxlength: '120' });
    box.value = entry.title;
    let over = false;
    const end = (keep) => {
      if (over) return;
      over = true;
      const title = box.value.trim();
      box.remove();
      this.actions.rename(entry.id, keep && title ? title : entry.title);
      this.#list.querySelector(`li[data-id="${entry.id}"] button`)?.focus();
    };
    box.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' && event.key !== 'Escape') return;
      event.stopPropagation();
      end(event.key === 'Enter');
    });
    box.addEventListener('blur', () => end(true));
    row.replaceChildren(box);
    box.focus();
    box.select();
  }

  #wanted() {
    return !narrow.matches && kept(CLOSED) !== 'yes';
  }

  #closeIfNarrow() {
    if (narrow.matches) this.#set(false);
  }

  #set(open) {
    document.body.classList.toggle('sidebar-open', open);
    this.#node.inert = !open;
    byId('page').inert = open && narrow.matches;
    this.#toggle.setAttribute('aria-expanded', String(open));
    if (!open && this.#node.contains(document.activeElement)) this.#toggle.focus();
  }
}

function sibling(button, direction) {
  button.closest('li')[direction]?.querySelector('button').focus();
}
