#pragma once

namespace gensynth::command::shared {

/// Exit codes of the program (docs/cli.md).
enum ExitCode { kDone = 0, kNo = 1, kBadInput = 2, kTrialsFailed = 3, kStopped = 75 };

}  // namespace gensynth::command::shared
