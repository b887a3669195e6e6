#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>

namespace gensynth {

/// Random generators are passed as arguments and are never global. The engine and the draws below give the same values
/// on every platform and compiler, which the standard distributions do not.
using Rng = std::mt19937_64;

/// The seed for one purpose of one trial. It is a hash, so that related seeds do not give related streams.
std::uint64_t derive_seed(std::uint64_t run_seed, std::uint64_t index, std::string_view purpose);

double uniform01(Rng& rng);        ///< in [0, 1)
int below(Rng& rng, int bound);    ///< in [0, bound); bound >= 1
double standard_normal(Rng& rng);  ///< no hidden state between calls

std::string rng_state(const Rng& rng);         ///< for resuming: restores bit for bit
Rng rng_from_state(const std::string& state);  ///< throws Error on malformed text

}  // namespace gensynth
