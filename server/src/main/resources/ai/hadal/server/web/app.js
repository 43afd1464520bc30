import { models, setKeyPrompt } from './api.js';
import * as chats from './chats.js';
import { Composer } from './composer.js';
import { announce, byId, download } from './dom.js';
import { listen } from './keys.js';
import { watchLoad } from './load.js';
import { Log } from './log.js';
import { notice } from './notice.js';
import { Settings } from './settings.js';
import { Sidebar } from './sidebar.js';
import { emptyAnswer, Turn } from './turn.js';

const SAVE_EVERY = 1000;
const TICK = 100;
// Who is still here after this time has stayed.
const LEAVING = 5000;

// Joins the parts: one chat is on the page; answers may be made in others at the same time.
class App {
  #chat = chats.create();
  #turns = new Map();
  #models = [];
  #served = null;
  #context = 0;
  #drawn = true;
  #saveTimer = 0;
  #saved = true;

  #log = new Log({
    regenerate: () => this.#regenerate(),
    results: (results) => this.#giveResults(results),
    resend: (index, text) => this.#resend(index, text),
    closed: () => this.#composer.focus(),
  });

  #composer = new Composer({
    send: (text) => this.#send(text),
    stop: () => this.#stop(),
    editLast: () => this.#log.editLast(),
    turnPage: (direction) => this.#log.turnPage(direction),
    mode: (name) => this.#changeSettings({ ...this.#chat.settings, thinking: name }),
    draft: (text) => chats.keepDraft(this.#draftId(), text),
  });

  #sidebar = new Sidebar({
    open: (id) => this.#go(id),
    newChat: () => this.#newChat(),
    rename: (id, title) => this.#rename(id, title),
    exported: (id) => this.#exportChats([id]),
    remove: (id) => this.#remove(id),
    importFile: (file) => this.#import(file),
    exportAll: () => this.#exportChats(chats.list().map((entry) => entry.id)),
  });

  #settings = new Settings((settings) => this.#changeSettings(settings));

  start() {
    setKeyPrompt(askForKey);
    listen({
      newChat: () => this.#newChat(),
      settings: () => this.#settings.open(),
      sidebar: () => this.#sidebar.toggle(),
      help: () => byId('help').showModal(),
      write: () => this.#composer.focus(),
      stop: () => this.#stop(),
      regenerate: () => this.#regenerate(),
      nextMode: () => this.#composer.nextMode(),
      copy: () => document.querySelector('.answer.last [aria-label="Copy answer"]')?.click(),
      previousChat: () => this.#step(-1),
      nextChat: () => this.#step(1),
    });
    byId('help-open').addEventListener('click', () => byId('help').showModal());
    for (const button of document.querySelectorAll('dialog [data-close]')) {
      button.addEventListener('click', () => button.closest('dialog').close());
    }
    addEventListener('hashchange', () => this.#route());
    addEventListener('beforeunload', () => this.#leave());
    addEventListener('pagehide', () => this.#saveRunning());
    chats.onOtherTab((id) => this.#changedElsewhere(id));
    setInterval(() => this.#tick(), TICK);
    this.#route();
    watchLoad((report) => {
      this.#context = report.context;
      this.#drawContext();
      this.#serves(report.model);
    });
    this.#loadModels();
  }

  async #loadModels() {
    try {
      this.#models = await models();
    } catch {
      return;
    }
    this.#settings.setModels(this.#models);
    this.#settings.show(this.#chat.settings, this.#model());
    byId('model').textContent = this.#model();
  }

  /** Another model than before: the server was started anew, or has been given its key only now. */
  #serves(model) {
    if (model === this.#served) return;
    this.#served = model;
    if (!this.#models.includes(model)) this.#loadModels();
  }

  #model() {
    const { model } = this.#chat.settings;
    return this.#models.includes(model) ? model : (this.#models[0] ?? model);
  }

  // Which chat is on the page stands in the address, so going back, reloading and bookmarks work.

  #route() {
    const id = /^#chat=([\w-]+)$/.exec(location.hash)?.[1];
    if (id === this.#chat.id && this.#chat.messages.length) return;
    const chat = id && (this.#turns.get(id)?.chat ?? chats.open(id));
    this.#show(chat || chats.create());
  }

  #go(id) {
    location.hash = `chat=${id}`;
    this.#composer.focus();
  }

  #newChat() {
    if (location.hash) history.pushState(null, '', location.pathname);
    this.#show(chats.create());
    this.#composer.focus();
  }

  #step(by) {
    const ids = chats.list().map((entry) => entry.id);
    const id = ids[Math.min(Math.max(ids.indexOf(this.#chat.id) + by, 0), ids.length - 1)];
    if (id) this.#go(id);
  }

  #show(chat) {
    this.#composer.flush();
    this.#chat = chat;
    // Before the messages, for what is not shown has no end to scroll to.
    this.#drawAround();
    this.#log.show(chat, this.#turn());
    this.#composer.setMode(chat.settings.thinking);
    this.#composer.text = chats.draft(this.#draftId());
    this.#settings.show(chat.settings, this.#model());
    byId('model').textContent = this.#model();
  }

  /** Another tab changed a chat. If it is on the page here and no answer is being made, the page follows: this tab would save over it. */
  #changedElsewhere(id) {
    this.#drawList();
    if (id !== this.#chat.id || this.#turn()) return;
    const chat = chats.open(id);
    if (!chat) return;
    this.#composer.flush();
    this.#chat = chat;
    this.#drawAround();
    this.#log.show(chat, null);
    this.#composer.setMode(chat.settings.thinking);
    this.#settings.show(chat.settings, this.#model());
  }

  /** Chats that are not stored yet share one draft. */
  #draftId() {
    return this.#chat.messages.length ? this.#chat.id : 'new';
  }

  #turn() {
    return this.#turns.get(this.#chat.id);
  }

  // What the user does with the chat.

  #send(text) {
    if (this.#turn()) return false;
    chats.keepDraft(this.#draftId(), '');
    this.#chat.messages.push({ role: 'user', content: text });
    this.#ask();
    return true;
  }

  #regenerate() {
    const { messages } = this.#chat;
    if (this.#turn() || messages.at(-1)?.role !== 'assistant') return false;
    messages.pop();
    this.#ask();
    this.#composer.focus();
    return true;
  }

  #resend(index, text) {
    this.#stop();
    this.#chat.messages.length = index;
    this.#chat.messages.push({ role: 'user', content: text });
    this.#ask();
    this.#composer.focus();
  }

  #giveResults(results) {
    this.#chat.messages.at(-1).calls.forEach((call, index) => (call.result = results[index]));
    this.#ask();
    this.#composer.focus();
  }

  #stop() {
    const turn = this.#turn();
    turn?.stop();
    return turn !== undefined;
  }

  async #ask() {
    const chat = this.#chat;
    const answer = emptyAnswer();
    chat.messages.push(answer);
    chat.updated = Date.now();
    const turn = new Turn(chat, answer, this.#model(), () => this.#changed(turn));
    this.#turns.set(chat.id, turn);
    this.#save(chat);
    history.replaceState(null, '', `#chat=${chat.id}`);
    this.#log.update(chat, turn);
    this.#log.toEnd();
    this.#drawAround();
    announce('Waiting for the answer');
    await turn.run();
    // The chat may have been deleted, or an edited question have begun another turn, before this one was over.
    if (this.#turns.get(chat.id) === turn) {
      this.#turns.delete(chat.id);
      this.#save(chat);
    }
    if (chat === this.#chat && !this.#turn()) {
      this.#log.update(chat, null);
      announce({ done: 'The answer is complete', stopped: 'Stopped', failed: '' }[answer.state]);
    }
    this.#drawAround();
  }

  #changed(turn) {
    this.#saveTimer ||= setTimeout(() => this.#saveRunning(), SAVE_EVERY);
    this.#draw(turn);
  }

  #draw(turn) {
    if (turn.chat !== this.#chat || !this.#drawn) return;
    this.#drawn = false;
    requestAnimationFrame(() => {
      const begun = performance.now();
      if (turn.chat === this.#chat && turn === this.#turn()) this.#log.updateLast(turn);
      // However long the answer, drawing takes a fifth of the time at most.
      setTimeout(() => (this.#drawn = true), 4 * (performance.now() - begun));
    });
  }

  /** Moves the clocks of the answer that is being made. */
  #tick() {
    const turn = this.#turn();
    if (turn && !document.hidden) this.#draw(turn);
  }

  #changeSettings(settings) {
    this.#chat.settings = settings;
    chats.keepSettings(settings);
    byId('model').textContent = this.#model();
    if (this.#chat.messages.length) this.#save(this.#chat);
  }

  // The list of chats.

  #rename(id, title) {
    const chat = this.#known(id);
    if (chat && chat.title !== title) {
      Object.assign(chat, { title, named: true });
      this.#save(chat);
    }
    this.#drawAround();
  }

  #remove(id) {
    const chat = this.#known(id);
    if (!chat) return;
    this.#turns.get(id)?.stop();
    this.#turns.delete(id);
    chats.remove(id);
    if (id === this.#chat.id) this.#newChat();
    this.#drawAround();
    notice(`Deleted “${chat.title}”`, 'Undo', () => {
      this.#save(chat);
      this.#go(id);
      this.#drawAround();
    });
  }

  #exportChats(ids) {
    const found = ids.map((id) => this.#known(id)).filter(Boolean);
    if (!found.length) notice('There is no chat to export yet');
    else download(found.length === 1 ? `hadal-chat-${found[0].id}.json` : 'hadal-chats.json', chats.exportText(found));
  }

  async #import(file) {
    try {
      const added = chats.importText(await file.text());
      notice(`Imported ${added.length === 1 ? 'one chat' : `${added.length} chats`}`);
      if (added.length) this.#go(added[0].id);
    } catch (problem) {
      notice(problem.message);
    }
    this.#drawAround();
  }

  /** The chat as the page has it in hand, or as it is stored. */
  #known(id) {
    return id === this.#chat.id ? this.#chat : (this.#turns.get(id)?.chat ?? chats.open(id));
  }

  #save(chat) {
    const saved = chats.save(chat);
    // Once, and not with every word of an answer.
    if (!saved && this.#saved) notice(chats.FULL);
    else if (!chats.LASTING && this.#saved) notice('The browser keeps nothing for this page: its chats last until it is closed.');
    this.#saved = saved && chats.LASTING;
  }

  #saveRunning() {
    clearTimeout(this.#saveTimer);
    this.#saveTimer = 0;
    for (const turn of this.#turns.values()) this.#save(turn.chat);
  }

  /** The browser ends requests when the page is left: those count as stopped, not as failed. */
  #leave() {
    const turns = [...this.#turns.values()];
    for (const turn of turns) turn.leaving = true;
    setTimeout(() => turns.forEach((turn) => (turn.leaving = false)), LEAVING);
  }

  // What stands around the messages.

  #drawAround() {
    const { title, messages } = this.#chat;
    document.body.classList.toggle('empty', !messages.length);
    byId('title').textContent = messages.length ? title : '';
    document.title = messages.length ? `${title} · Hadal` : 'Hadal';
    this.#composer.setRunning(this.#turn() !== undefined);
    this.#drawContext();
    this.#drawList();
  }

  #drawList() {
    this.#sidebar.show(chats.list(), this.#chat.id, this.#turns);
  }

  #drawContext() {
    const last = this.#chat.messages.findLast((message) => message.figures?.prompt !== undefined)?.figures;
    this.#composer.setContext(last && last.prompt + last.completion, this.#context);
  }
}

/** Asks for the server's key; resolves to null when the user closes the question. */
function askForKey(reason) {
  const dialog = byId('key');
  const box = byId('key-text');
  byId('key-reason').textContent = reason;
  box.value = '';
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener('close', () => resolve(dialog.returnValue === 'use' && box.value.trim() ? box.value.trim() : null), { once: true });
  });
}

new App().start();
