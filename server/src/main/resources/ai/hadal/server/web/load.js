import { load } from './api.js';
import { byId, h } from './dom.js';
import { bytes, count, duration, percent, rate } from './figures.js';

const INTERVAL = 2000;

/** Shows what the server is doing, asked for only while the page is visible. `onLoad` takes each report. */
export function watchLoad(onLoad) {
  let timer = 0;
  let running = false;
  const ask = async () => {
    clearTimeout(timer);
    if (document.hidden || running) return;
    running = true;
    try {
      const report = await load();
      show(report);
      if (report) onLoad(report);
    } catch {
      offline();
    }
    running = false;
    timer = setTimeout(ask, INTERVAL);
  };
  document.addEventListener('visibilitychange', ask);
  ask();
}

function offline() {
  set('offline', 'Offline', '');
}

function show(report) {
  byId('load').hidden = !report;
  if (!report) return;
  const { running = 0, waiting = 0, decode_tokens_per_second: decode = 0 } = report;
  const busy = running + waiting > 0;
  set(busy ? 'busy' : 'idle', busy ? `${count(running)} running${waiting ? `, ${count(waiting)} waiting` : ''}` : 'Idle',
    running && decode ? `${rate(decode)} tokens/s` : '');
  byId('load-figures').replaceChildren(...facts(report).flatMap(([name, value]) => [h('dt', {}, name), h('dd', {}, value)]));
}

function set(state, text, speed) {
  const button = byId('load');
  button.dataset.state = state;
  button.querySelector('.text').textContent = text;
  button.querySelector('.speed').textContent = speed;
  button.setAttribute('aria-label', `Server load: ${text} ${speed}`.trim());
}

function facts(report) {
  const say = (name, value, write) => (value === undefined || value === null ? [] : [[name, write(value)]]);
  return [
    ...say('Model', report.model, String),
    ...say('Numerics', report.profile, String),
    ...say('Context', report.context, (value) => `${count(value)} tokens`),
    ...say('Running', report.running, count),
    ...say('Waiting', report.waiting, count),
    ...say('Prefill', report.prefill_tokens_per_second, (value) => `${rate(value)} tokens/s`),
    ...say('Decode', report.decode_tokens_per_second, (value) => `${rate(value)} tokens/s`),
    ...say('Cache hits', report.cache_hit_rate, percent),
    ...say('Cache size', report.cache_bytes, bytes),
    ...say('Up for', report.uptime_seconds, (value) => duration(value * 1000)),
  ];
}
