/** The document "gensynth.report", version 1 (docs/report.md). */
export interface ReportDocument {
  format: string;
  version: number;
  written: number;
  program: string;
  runs: RunDocument[];
}

export interface TextColumn {
  texts: string[];
  index: number[];
}

export interface MetricColumn {
  name: string;
  unit: string;
  provenance: "exact" | "measured" | "predicted";
  source: string;
  value: (number | null)[];
  low?: (number | null)[];
  high?: (number | null)[];
  in_distribution?: (0 | 1 | null)[];
  unmeasured?: (number | null)[];
}

export interface TrialColumns {
  count: number;
  ordinal: number[];
  state: TextColumn;
  stage: TextColumn;
  rule: TextColumn;
  worker: TextColumn;
  reason: TextColumn;
  feasible: (0 | 1)[];
  u: (number | null)[];
  attempt: number[];
  duplicate_of: number[];
  core_seconds: number[];
  violation: number[];
  parents: number[][];
  proposed_s: (number | null)[];
  metrics: MetricColumn[];
  verdicts: { rule: string; violation: (number | null)[]; measured: (number | null)[] }[];
}

export interface Rule {
  rule: string;
  kind: string;
  hard: boolean;
  asks: string;
  checked: number;
  violated: number;
  rejected: number;
  stage: string;
  closest: number | null;
  median: number | null;
  closest_trial: number;
  core_seconds: number;
}

export interface Bound {
  rule: string;
  metric: string;
  side: "at most" | "at least";
  bound: number;
  hard: boolean;
}

export interface Attempt {
  trial: number;
  attempt: number;
  worker: string;
  start_s: number;
  end_s: number;
  outcome: string;
}

export interface Change {
  decision: string;
  from: string;
  to: string;
  latency_ms: number | null;
  params: number | null;
  macs: number | null;
  top1: number | null;
}

export interface NearMiss {
  trial: number;
  rule: string;
  violation: number;
  changes: Change[];
}

export interface Credit {
  trial: number;
  basis: "unknown" | "believed" | "computed";
  observed: number;
  u: number | null;
  deviation: number;
  decisions: {
    name: string;
    answer: string;
    u: number;
    deviation: number;
    by_accuracy: number;
    compared: number;
    alternatives: { answer: string; feasible: boolean; rule: string; u: number | null }[];
  }[];
}

/** Columns by kernel, in execution order. */
export interface Kernels {
  vertices: number[][];
  class: string[];
  stage: number[];
  ms: number[];
  macs: number[];
  bytes: number[];
  bound_by: string[];
  measured_range: (0 | 1)[];
}

export interface Network {
  trial: number;
  latency_ms: number;
  low: number;
  high: number;
  in_range: boolean;
  notes: string[];
  params: number;
  macs: number;
  vertices: {
    id: string[];
    op: string[];
    label: string[];
    ink: string[];
    shape: string[];
    stage: number[];
    column: number[];
    block: number[];
    role: string[];
    params: number[];
    macs: number[];
    inputs: number[][];
  };
  kernels: Kernels;
  decisions: [string, string][];
}

export interface RunDocument {
  name: string;
  path: string;
  space: string;
  log10_size: number;
  device: string;
  strategy: string;
  seed: number;
  objective: { goal?: string; alpha: number; beta: number; gamma: number; delta: number; accuracy: string; confidence: number };
  budget: { trials: number; proposals: number };
  trained: boolean;
  started: number;
  ended: number;
  counts: Record<string, number>;
  winner: { trial: number; expected_u: number; best_measured: number; remark: string } | null;
  front: number[];
  bounds: Bound[];
  ledger: Rule[];
  trials: TrialColumns;
  rungs: {
    trial: number[];
    images: number[];
    top1: (number | null)[];
    loss: (number | null)[];
    train_loss: (number | null)[];
    prune_below: (number | null)[];
  };
  timeline: Attempt[];
  near_misses: NearMiss[];
  credit: Credit | null;
  features: { trials: number[]; columns: { name: string; values: number[] }[] };
  references: { name: string; top1: number; latency_ms: number; params: number; macs: number }[];
  networks: Network[];
  limits: { networks: number; near_misses: number; features: number };
  job: unknown;
}
