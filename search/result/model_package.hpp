#pragma once

#include "search/loop/result_files.hpp"
#include "search/run/run.hpp"
#include "search/trial/trial.hpp"

namespace gensynth::result {

/// Completes the files of a winner whose weights exist: attendnext.json gets the section "card", and labels.txt,
/// README.md (a model card), infer.py and infer.mjs are written beside it. Without weights, those of an earlier winner
/// are removed. What cannot be written gives a remark, as in loop::write_result.
void complete(const run::Run& run, const trial::Trial& winner, loop::ResultFiles& files);

}  // namespace gensynth::result
