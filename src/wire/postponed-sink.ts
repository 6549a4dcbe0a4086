import { SLICE_UNITS, type Slices } from '../lib/slices.ts';
import type { Lane } from '../text/lane.ts';
import type { FormatSink, TextPart } from './format.ts';
import type { WireFacts } from './frame.ts';
import type { FrameBuilder } from './frame-builder.ts';
import type { JsonDoc, JsonNode } from './framing/json.ts';
import type { AnsweredTool, CalledTool, DeclaredTool } from './tool-log.ts';

type LaneKey = Parameters<FormatSink['text']>[1];

/**
 * Keeps what a dialect writes of a large document, and gives it to the builder in the same order afterwards, in slices: a dialect reads a
 * document in one go, but what it costs is making texts of its values. The document must live until all is given.
 */
export class PostponedSink implements FormatSink {
  readonly facts: WireFacts;
  readonly #builder: FrameBuilder;
  readonly #doc: JsonDoc;
  #steps: ((() => void) | Slices)[] = [];
  /** What was given since the last slice ended, in units of text. */
  #units = 0;

  constructor(builder: FrameBuilder, doc: JsonDoc) {
    this.facts = builder.facts;
    this.#builder = builder;
    this.#doc = doc;
  }

  /** Gives all that was kept, a slice of bounded work in each step. */
  *give(): Slices {
    const steps = this.#steps;
    this.#steps = [];
    for (const step of steps) {
      if (typeof step === 'function') step();
      else yield* step;
      this.#units += STEP_UNITS;
      if (this.#units < SLICE_UNITS) continue;
      this.#units = 0;
      yield;
    }
  }

  /** What is written meanwhile is given before the next element is looked at. */
  *#visitItems(node: JsonNode, visit: (item: JsonNode, index: number) => void): Slices {
    const end = this.#doc.next(node);
    let index = 0;
    for (let item = this.#doc.first(node); item < end; item = this.#doc.next(item)) {
      visit(item, index++);
      yield* this.give();
    }
  }

  text(node: JsonNode, lane: LaneKey): void {
    if (this.#isText(node)) this.#steps.push(() => this.#builder.text(node, lane));
    else this.rest(node, lane);
  }

  nestedJson(node: JsonNode, lane: LaneKey): void {
    if (this.#isText(node)) this.#steps.push(() => this.#builder.nestedJson(node, lane));
    else this.rest(node, lane);
  }

  parts(node: JsonNode, parts: readonly TextPart[], lane: LaneKey): void {
    this.#steps.push(() => this.#builder.parts(node, parts, lane));
  }

  rest(node: JsonNode, lane: LaneKey): void {
    this.#steps.push(this.#isText(node) ? () => this.#builder.rest(node, lane) : this.#builder.treeInSlices(node, lane, false));
  }

  whole(node: JsonNode, lane: LaneKey): void {
    this.#steps.push(this.#isText(node) ? () => this.#builder.whole(node, lane) : this.#builder.treeInSlices(node, lane, true));
  }

  name(key: JsonNode, lane: Lane): void {
    this.#steps.push(() => this.#builder.name(key, lane));
  }

  items(node: JsonNode, visit: (item: JsonNode, index: number) => void): void {
    if (this.#doc.type(node) === 'array') this.#steps.push(this.#visitItems(node, visit));
  }

  media(): void {
    this.#steps.push(() => this.#builder.media());
  }

  echo(node: JsonNode): void {
    this.#steps.push(() => this.#builder.echo(node));
  }

  signature(node: JsonNode, key: string): void {
    this.#steps.push(() => this.#builder.signature(node, key));
  }

  turns(key: string): void {
    this.#steps.push(() => this.#builder.turns(key));
  }

  declares(tool: DeclaredTool): void {
    this.#steps.push(() => this.#builder.declares(tool));
  }

  calls(call: CalledTool): void {
    this.#steps.push(() => this.#builder.calls(call));
  }

  answers(result: AnsweredTool): void {
    this.#steps.push(() => this.#builder.answers(result));
  }

  counter(node: JsonNode): void {
    this.#steps.push(() => this.#builder.counter(node));
  }

  keeps(what: 'bytes' | 'texts'): void {
    this.#steps.push(() => this.#builder.keeps(what));
  }

  ends(key: string): void {
    this.#steps.push(() => this.#builder.ends(key));
  }

  #isText(node: JsonNode): boolean {
    const type = this.#doc.type(node);
    return type !== 'array' && type !== 'object';
  }
}

/** What one thing that a dialect writes costs, in units of text. */
const STEP_UNITS = 64;
