import type { MetricColumn, Network, RunDocument } from "./document";

/** The states of a trial as the charts show them: "scored" by whether it is feasible. */
export const kStates = ["scored", "rejected", "pruned", "failed", "duplicate", "running", "queued"] as const;

/** A run with look-ups by number of trial. Trials are numbered from 1. */
export class Run {
  readonly metrics = new Map<string, MetricColumn>();
  readonly networks = new Map<number, Network>();
  readonly front: Set<number>;

  constructor(
    readonly data: RunDocument,
    readonly index: number,
  ) {
    for (const metric of data.trials.metrics) this.metrics.set(metric.name, metric);
    for (const network of data.networks) this.networks.set(network.trial, network);
    this.front = new Set(data.front);
  }

  get count(): number {
    return this.data.trials.count;
  }
  get ids(): number[] {
    return Array.from({ length: this.count }, (_, i) => i + 1);
  }
  has(trial: number): boolean {
    return Number.isInteger(trial) && trial >= 1 && trial <= this.count;
  }
  private text(column: "state" | "stage" | "rule" | "worker" | "reason", trial: number): string {
    const { texts, index } = this.data.trials[column];
    return texts[index[trial - 1]] ?? "";
  }
  state(trial: number): string {
    return this.text("state", trial);
  }
  stage(trial: number): string {
    return this.text("stage", trial);
  }
  rule(trial: number): string {
    return this.text("rule", trial);
  }
  worker(trial: number): string {
    return this.text("worker", trial);
  }
  reason(trial: number): string {
    return this.text("reason", trial);
  }
  feasible(trial: number): boolean {
    return this.data.trials.feasible[trial - 1] === 1;
  }
  u(trial: number): number | null {
    return this.data.trials.u[trial - 1];
  }
  metric(name: string, trial: number): number | null {
    return this.metrics.get(name)?.value[trial - 1] ?? null;
  }
  interval(name: string, trial: number): [number, number] | null {
    const metric = this.metrics.get(name);
    const low = metric?.low?.[trial - 1];
    const high = metric?.high?.[trial - 1];
    return low == null || high == null || low === high ? null : [low, high];
  }
  inDistribution(name: string, trial: number): boolean | null {
    const flag = this.metrics.get(name)?.in_distribution?.[trial - 1];
    return flag == null ? null : flag === 1;
  }
  /** The accuracy that the objective uses. */
  get accuracy(): string {
    return this.data.objective.accuracy;
  }
  get winner(): number | null {
    return this.data.winner?.trial ?? null;
  }
  provenance(name: string): string {
    return this.metrics.get(name)?.provenance ?? "";
  }
  /** Number of trials that were evaluated, with or without training. */
  get evaluated(): number {
    return this.data.trials.ordinal.reduce((sum, ordinal) => sum + (ordinal > 0 ? 1 : 0), 0);
  }
}
