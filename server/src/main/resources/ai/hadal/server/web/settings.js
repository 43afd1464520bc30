import { byId, h } from './dom.js';
import { EXAMPLE_TOOLS, parseTools } from './request.js';

const NUMBERS = ['temperature', 'topP', 'maxTokens', 'seed'];

/** The panel of a chat's settings: system prompt, sampling, tools and, where there are several, the model. */
export class Settings {
  #dialog = byId('settings');
  #form = byId('settings').querySelector('form');
  #settings = null;

  /** `onChange` takes the changed settings. */
  constructor(onChange) {
    const { elements } = this.#form;
    this.#form.addEventListener('input', ({ target }) => {
      const wrong = this.#wrongTools();
      if (!target.validity.valid || (target === elements.tools && wrong)) return;
      const { name } = target;
      this.#settings[name] = NUMBERS.includes(name) ? (target.value === '' ? null : target.valueAsNumber) : target.value;
      onChange(this.#settings);
    });
    byId('example-tools').addEventListener('click', () => {
      elements.tools.value = EXAMPLE_TOOLS;
      elements.tools.dispatchEvent(new Event('input', { bubbles: true }));
    });
    byId('settings-open').addEventListener('click', () => this.open());
    this.#dialog.addEventListener('click', (event) => {
      if (event.target === this.#dialog) this.#dialog.close();
    });
  }

  setModels(names) {
    byId('model-choice').hidden = names.length < 2;
    this.#form.elements.model.replaceChildren(...names.map((name) => h('option', { value: name }, name)));
  }

  show(settings, model) {
    this.#settings = settings;
    const { elements } = this.#form;
    for (const name of NUMBERS) elements[name].value = settings[name] ?? '';
    elements.system.value = settings.system;
    elements.tools.value = settings.tools;
    elements.model.value = model;
    this.#wrongTools();
  }

  open() {
    this.#dialog.showModal();
  }

  /** Whether the tools are wrong, which is said beside them; what is wrong is not kept. */
  #wrongTools() {
    const { tools } = this.#form.elements;
    const note = byId('tools-error');
    let problem = '';
    try {
      parseTools(tools.value);
    } catch (wrong) {
      problem = wrong.message;
    }
    note.textContent = problem;
    tools.setAttribute('aria-invalid', String(problem !== ''));
    return problem !== '';
  }
}
