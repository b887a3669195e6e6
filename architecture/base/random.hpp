#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace gensynth {

/// Random generators are passed, never global. The engine's output and the draws below are the same on
/// every platform and compiler (standard distributions are not).
using Rng = std::mt19937_64;

/// The seed of one purpose of one trial: a hash, so that streams never overlap by arithmetic.
std::uint64_t derive_seed(std::uint64_t run_seed, std::uint64_t index, std::string_view purpose);

double uniform01(Rng& rng);        ///< in [0, 1)
int below(Rng& rng, int bound);    ///< in [0, bound); bound >= 1
double standard_normal(Rng& rng);  ///< no hidden state between calls

std::string rng_state(const Rng& rng);         ///< for resuming: restores bit for bit
Rng rng_from_state(const std::string& state);  ///< throws Error on malformed text

}  // namespace gensynth
