'use strict';

// Runs before the page is drawn, so that a chosen theme never flashes in the other one's colours.
(() => {
  const KEY = 'hadal.theme';
  const NAMES = { auto: 'as the system', light: 'light', dark: 'dark' };
  const root = document.documentElement;
  const stored = localStorage.getItem(KEY);
  root.dataset.theme = stored in NAMES ? stored : 'auto';

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
      localStorage.setItem(KEY, root.dataset.theme);
      say();
    });
    say();
  });
})();
