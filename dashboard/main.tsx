import { render } from 'preact';
import { App } from './app.tsx';
import { followTail } from './news.ts';
import './style.css';

const place = document.getElementById('app');
if (place !== null) {
  place.replaceChildren();
  render(<App />, place);
  void followTail();
}
