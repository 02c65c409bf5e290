// synth.ts - every sound is made here, of oscillators and noise; nothing is loaded.
//
// A voice: source -> filter -> gain (its envelope) -> pan -> master.  Browsers start audio only
// after a gesture; until wake() has run, play() does nothing.

export interface Tone {
  readonly wave: OscillatorType | "noise";
  readonly from: number; // Hz; of noise, the filter's
  readonly to: number;
  readonly seconds: number;
  readonly gain: number;
  readonly delay?: number;
}

const VOICES_MAX = 24;
const MASTER_GAIN = 0.5;

export class Synth {
  private context: AudioContext | undefined;
  private master: GainNode | undefined;
  private noise: AudioBuffer | undefined;
  private voices = 0;
  private loudness = 1;

  /** 0..1 */
  set volume(volume: number) {
    this.loudness = volume;
    if (this.master) this.master.gain.value = volume * MASTER_GAIN;
  }

  /** To be called from a gesture. */
  wake(): void {
    if (this.context) {
      void this.context.resume();
      return;
    }
    const context = new AudioContext();
    const limiter = context.createDynamicsCompressor();
    this.master = context.createGain();
    this.master.gain.value = this.loudness * MASTER_GAIN;
    this.master.connect(limiter).connect(context.destination);
    this.noise = makeNoise(context);
    this.context = context;
  }

  /** Plays tones together; `gain` 0..1 for distance, `pan` -1..1. */
  play(tones: readonly Tone[], gain = 1, pan = 0): void {
    if (this.loudness === 0 || gain <= 0.02) return;
    for (const tone of tones) if (this.voices < VOICES_MAX) this.voice(tone, gain, pan);
  }

  private voice(tone: Tone, gain: number, pan: number): void {
    const { context, master } = this;
    if (!context || !master || context.state !== "running") return;
    const start = context.currentTime + (tone.delay ?? 0);
    const end = start + tone.seconds;
    const envelope = context.createGain();
    envelope.gain.setValueAtTime(tone.gain * gain, start);
    envelope.gain.exponentialRampToValueAtTime(0.001, end);
    const panner = context.createStereoPanner();
    panner.pan.value = Math.max(-1, Math.min(1, pan));
    envelope.connect(panner).connect(master);
    const source = this.source(context, tone, start, end, envelope);
    this.voices++;
    source.onended = () => {
      this.voices--;
      panner.disconnect();
    };
    source.start(start);
    source.stop(end);
  }

  private source(
    context: AudioContext, tone: Tone, start: number, end: number, out: AudioNode,
  ): AudioScheduledSourceNode {
    if (tone.wave !== "noise") {
      const source = context.createOscillator();
      source.type = tone.wave;
      sweep(source.frequency, tone, start, end);
      source.connect(out);
      return source;
    }
    const source = context.createBufferSource();
    const filter = context.createBiquadFilter();
    source.buffer = this.noise!;
    source.loop = true;
    filter.type = "bandpass";
    filter.Q.value = 0.8;
    sweep(filter.frequency, tone, start, end);
    source.connect(filter).connect(out);
    return source;
  }
}

function sweep(parameter: AudioParam, tone: Tone, start: number, end: number): void {
  parameter.setValueAtTime(tone.from, start);
  parameter.exponentialRampToValueAtTime(tone.to, end);
}

function makeNoise(context: AudioContext): AudioBuffer {
  const buffer = context.createBuffer(1, context.sampleRate, context.sampleRate);
  const samples = buffer.getChannelData(0);
  for (let i = 0; i < samples.length; i++) samples[i] = Math.random() * 2 - 1;
  return buffer;
}
