import { AnswerView } from './answer.js';
import { byId } from './dom.js';
import { QuestionView } from './question.js';

const NEAR = 48;

/** The messages of the chat on the page, and the scrolling that follows what is written until the user scrolls up. */
export class Log {
  #scroller = byId('scroller');
  #node = byId('log');
  #jump = byId('jump');
  #views = [];
  #follows = true;
  #live = false;
  #top = 0;

  /** `actions`: regenerate(), results(list), resend(index, text), closed(). */
  constructor(actions) {
    this.actions = actions;
    this.#scroller.addEventListener('scroll', () => this.#scrolled(), { passive: true });
    this.#jump.addEventListener('click', () => this.toEnd());
    // A phone is turned, its keyboard opens, thinking is unfolded while it grows.
    new ResizeObserver(() => this.#live && this.#keepUp()).observe(this.#node);
    new ResizeObserver(() => this.#keepUp()).observe(this.#scroller);
  }

  show(chat, turn) {
    this.#views = [];
    this.#node.replaceChildren();
    this.update(chat, turn);
    this.toEnd();
  }

  /** Brings the page to the chat's messages: views of messages that are gone go, new ones are added. */
  update(chat, turn) {
    const { messages } = chat;
    let kept = 0;
    while (kept < messages.length && (this.#views[kept]?.question ?? this.#views[kept]?.answer) === messages[kept]) kept++;
    for (const view of this.#views.splice(kept)) view.node.remove();
    for (let index = kept; index < messages.length; index++) {
      const view = this.#view(messages[index], index);
      this.#views.push(view);
      this.#node.append(view.node);
    }
    this.#views.forEach((view, index) => view.update(view.answer === turn?.answer ? turn : null, index === messages.length - 1));
    this.#live = turn?.running ?? false;
    this.#node.setAttribute('aria-busy', String(this.#live));
    this.#keepUp();
  }

  /** Draws only the answer that is being made. */
  updateLast(turn) {
    const view = this.#views.at(-1);
    if (view?.answer === turn.answer) view.update(turn, true);
    this.#keepUp();
  }

  editLast() {
    const view = this.#views.findLast((each) => each.question);
    view?.edit();
    view?.node.scrollIntoView({ block: 'nearest' });
    return view !== undefined;
  }

  toEnd() {
    this.#follows = true;
    this.#keepUp();
  }

  /** Scrolls by most of what is seen, up where `direction` is -1 and down where it is 1. */
  turnPage(direction) {
    this.#scroller.scrollBy(0, direction * 0.9 * this.#scroller.clientHeight);
    // The event comes a frame later, and what is written until then would take the page back to its end.
    this.#scrolled();
  }

  #view(message, index) {
    if (message.role === 'assistant') return new AnswerView(message, this.actions);
    return new QuestionView(message, { resend: (text) => this.actions.resend(index, text), closed: this.actions.closed });
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#scroller;
    const below = scrollHeight - clientHeight - scrollTop;
    // Upwards is the user's will, however little; a page that became shorter is at its end and stays there.
    if (scrollTop < this.#top && below > 1) this.#follows = false;
    else if (below <= NEAR) this.#follows = true;
    this.#top = scrollTop;
    this.#jump.hidden = this.#follows;
  }

  #keepUp() {
    if (this.#follows) {
      this.#scroller.scrollTop = this.#scroller.scrollHeight;
      this.#top = this.#scroller.scrollTop;
    }
    this.#jump.hidden = this.#follows;
  }
}
