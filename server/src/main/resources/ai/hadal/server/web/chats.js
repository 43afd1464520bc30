import { DEFAULTS, THINKING } from './request.js';
import { forbidden, keep, kept } from './storage.js';

// Chats in the browser's storage: a list of titles under one name and each chat under its own, so that a word in
// one chat does not write all of them again.
//
// A chat: { id, title, named, updated, settings, messages }. A message: { role: 'user', content } or
// { role: 'assistant', content, reasoning, calls, faults, state, error, figures }. A call: { id, name, arguments, partial,
// result }, its result undefined until the user gives one.

/** Whether chats outlive the page. */
export const LASTING = !forbidden();

export const FULL = 'The browser’s storage is full: this chat is not kept. Delete others.';

const LIST = 'hadal.chats';
const SETTINGS = 'hadal.settings';
const CHAT = 'hadal.chat.';
const chatKey = (id) => CHAT + id;
const draftKey = (id) => `hadal.draft.${id}`;

export const STATES = ['done', 'stopped', 'failed'];

/** Titles of all chats, the last used first: `{ id, title, updated }`. */
export function list() {
  return read(LIST, []).filter((entry) => typeof entry?.id === 'string').sort((a, b) => b.updated - a.updated);
}

/** A chat that is stored only once it is saved. */
export function create(settings = read(SETTINGS, {})) {
  return { id: newId(), title: 'New chat', named: false, updated: Date.now(), settings: settingsFrom(settings), messages: [] };
}

export function open(id) {
  const stored = read(chatKey(id), null);
  return stored && chatFrom(stored);
}

/** Stores a chat; false if the browser refuses, which it does when its storage is full. */
export function save(chat) {
  if (!chat.named) chat.title = titleOf(chat);
  const { id, title, updated } = chat;
  return write(chatKey(id), chat) && write(LIST, [{ id, title, updated }, ...list().filter((entry) => entry.id !== id)]);
}

export function remove(id) {
  keep(chatKey(id), null);
  keep(draftKey(id), null);
  write(LIST, list().filter((entry) => entry.id !== id));
}

export function draft(id) {
  return kept(draftKey(id)) ?? '';
}

export function keepDraft(id, text) {
  keep(draftKey(id), text || null);
}

/** Remembers settings for chats begun later; a system prompt and tools belong to one chat only. */
export function keepSettings(settings) {
  write(SETTINGS, { ...settings, system: '', tools: '' });
}

export function exportText(chats) {
  return JSON.stringify({ format: 'hadal-chats', version: 1, chats }, null, 2);
}

/** Stores the chats of an exported text beside those that are there and gives them back. Throws a sentence. */
export function importText(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Error('The file is not JSON.');
  }
  if (value?.format !== 'hadal-chats' || !Array.isArray(value.chats)) throw new Error('The file holds no chats exported from here.');
  const taken = new Set(list().map((entry) => entry.id));
  return value.chats.map(chatFrom).map((chat) => {
    if (taken.has(chat.id)) chat.id = newId();
    taken.add(chat.id);
    if (!save(chat)) throw new Error(FULL);
    return chat;
  });
}

/** Another tab of the browser changed the list, or the chat whose id `listener` is given. */
export function onOtherTab(listener) {
  addEventListener('storage', ({ key }) => {
    if (key === LIST || key === null) listener(null);
    else if (key.startsWith(CHAT)) listener(key.slice(CHAT.length));
  });
}

function titleOf(chat) {
  const line = chat.messages.find((message) => message.role === 'user')?.content.trim().split('\n')[0] ?? '';
  return line.length > 60 ? `${line.slice(0, 59).trimEnd()}…` : line || 'New chat';
}

// What is read may come from a file or an older page: only what is known is taken, in the form the page expects.

function chatFrom(value) {
  return {
    id: typeof value?.id === 'string' && /^[\w-]{1,64}$/.test(value.id) ? value.id : newId(),
    title: text(value?.title) || 'New chat',
    named: value?.named === true,
    updated: number(value?.updated) ?? Date.now(),
    settings: settingsFrom(value?.settings),
    messages: (Array.isArray(value?.messages) ? value.messages : []).map(messageFrom),
  };
}

function settingsFrom(value) {
  return {
    system: text(value?.system),
    thinking: THINKING.includes(value?.thinking) ? value.thinking : DEFAULTS.thinking,
    temperature: number(value?.temperature),
    topP: number(value?.topP),
    maxTokens: number(value?.maxTokens),
    seed: number(value?.seed),
    tools: text(value?.tools),
    model: text(value?.model),
  };
}

function messageFrom(value) {
  if (value?.role !== 'assistant') return { role: 'user', content: text(value?.content) };
  return {
    role: 'assistant',
    content: text(value.content),
    reasoning: text(value.reasoning),
    calls: (Array.isArray(value.calls) ? value.calls : []).map(callFrom),
    faults: (Array.isArray(value.faults) ? value.faults : []).map((fault) => ({ reason: text(fault?.reason), raw: text(fault?.raw) })),
    // A page that was closed in the midst of an answer left it in another state.
    state: STATES.includes(value.state) ? value.state : 'stopped',
    error: value.error ? { message: text(value.error.message), status: number(value.error.status), type: text(value.error.type), code: text(value.error.code) } : null,
    figures: Object.fromEntries(Object.entries(value.figures ?? {}).filter(([, figure]) => typeof figure === 'number' || typeof figure === 'string')),
  };
}

function callFrom(value) {
  return {
    id: text(value?.id),
    name: text(value?.name),
    arguments: text(value?.arguments),
    partial: value?.partial === true,
    result: typeof value?.result === 'string' ? value.result : undefined,
  };
}

const text = (value) => (typeof value === 'string' ? value : '');
const number = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : null);
const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(8)), (byte) => byte.toString(16).padStart(2, '0')).join('');

function read(key, otherwise) {
  try {
    return JSON.parse(kept(key)) ?? otherwise;
  } catch {
    return otherwise;
  }
}

function write(key, value) {
  return keep(key, JSON.stringify(value));
}
