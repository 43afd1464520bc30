'use strict';

// Runs before the page is drawn, so that a chosen theme never flashes in the other one's colours.
(() => {
  const KEY = 'hadal.theme';
  const NAMES = { auto: 'as the system', light: 'light', dark: 'dark' };
  const root = document.documentElement;
  root.dataset.theme = kept();

  // The browser may forbid storage: the theme is then the system's until a button is pressed.
  function kept() {
    try {
      const name = localStorage.getItem(KEY);
      return Object.hasOwn(NAMES, name) ? name : 'auto';
    } catch {
      return 'auto';
    }
  }

  function keep(name) {
    try {
      localStorage.setItem(KEY, name);
    } catch {
      // Not kept: nothing else depends on it.
    }
  }

  addEventListener('DOMContentLoaded', () => {
    const button = document.getElementById('theme');
    const say = () => {
      const label = `Theme: ${NAMES[root.dataset.theme]}`;
      button.title = label;
      button.setAttribute('aria-label', label);
    };
    button.addEventListener('click', () => {
      const names = Object.keys(NAMES);
      root.dataset.theme = names[(names.indexOf(root.dataset.theme) + 1) % names.length];
      keep(root.dataset.theme);
      say();
    });
    say();
  });
})();
