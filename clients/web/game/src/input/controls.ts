// controls.ts - the devices together: the one touched last decides.
import { PadDevice } from "./gamepad";
import { type Choice, type Device, type Intent, clampStick } from "./intent";
import { KeyboardMouse } from "./keyboard_mouse";
import { Touch } from "./touch";

export class Controls {
  readonly mouse: KeyboardMouse;
  /** Called when another weapon is wanted. */
  onChoice: (choice: Choice) => void = () => {};
  private readonly intent: Intent = {
    moveX: 0, moveY: 0, aim: 0, fire: false, dash: false, fired: false, dashed: false,
  };
  private readonly pad: PadDevice;
  private readonly devices: readonly Device[];

  constructor(stage: HTMLElement, touchLayer: HTMLElement) {
    const choose = (choice: Choice) => this.onChoice(choice);
    this.mouse = new KeyboardMouse(stage, choose);
    this.pad = new PadDevice(choose);
    this.devices = [this.mouse, new Touch(stage, touchLayer, choose), this.pad];
  }

  get showScores(): boolean {
    return this.mouse.showScores || this.pad.showScores;
  }

  /** Whether the pointer is what aims: only then is there a crosshair. */
  get pointing(): boolean {
    return this.newest() === this.mouse;
  }

  read(): Intent {
    this.pad.poll();
    this.newest().read(this.intent);
    clampStick(this.intent);
    return this.intent;
  }

  /** Turns the player, until a device aims: it has appeared and faces that way. */
  face(aim: number): void {
    this.intent.aim = aim;
    for (const device of this.devices) device.forgetAim();
  }

  private newest(): Device {
    return this.devices.reduce((best, device) => (device.usedMs > best.usedMs ? device : best));
  }
}
