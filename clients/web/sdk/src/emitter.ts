// emitter.ts - typed listeners.  A map from event name to its argument is the whole contract.

export class Emitter<Events extends object> {
  private readonly listeners = new Map<keyof Events, Set<(argument: never) => void>>();

  /** Calls `listener` at each `type` until the returned function is called. */
  on<Type extends keyof Events>(
    type: Type, listener: (argument: Events[Type]) => void,
  ): () => void {
    let set = this.listeners.get(type);
    if (!set) this.listeners.set(type, (set = new Set()));
    set.add(listener);
    return () => set.delete(listener);
  }

  protected emit<Type extends keyof Events>(type: Type, argument: Events[Type]): void {
    const set = this.listeners.get(type) as Set<(argument: Events[Type]) => void> | undefined;
    set?.forEach((listener) => listener(argument));
  }
}
