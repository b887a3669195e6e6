#include "architecture/base/random.hpp"

#include <boost/random/uniform_int_distribution.hpp>
#include <cmath>
#include <numbers>
#include <sstream>

#include "architecture/base/error.hpp"

namespace gensynth {
namespace {

std::uint64_t mix(std::uint64_t x) {  // the finaliser of SplitMix64 (Steele et al., OOPSLA 2014)
  x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
  x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
  return x ^ (x >> 31);
}

}  // namespace

std::uint64_t derive_seed(std::uint64_t run_seed, std::uint64_t index, std::string_view purpose) {
  std::uint64_t hash = mix(run_seed + 0x9e3779b97f4a7c15ULL);
  hash = mix(hash ^ (index + 0x9e3779b97f4a7c15ULL));
  for (const char c : purpose) hash = mix(hash ^ static_cast<unsigned char>(c));
  return hash;
}

double uniform01(Rng& rng) { return static_cast<double>(rng() >> 11) * 0x1.0p-53; }

int below(Rng& rng, int bound) { return boost::random::uniform_int_distribution<int>(0, bound - 1)(rng); }

double standard_normal(Rng& rng) {
  const double radius = std::sqrt(-2.0 * std::log1p(-uniform01(rng)));
  return radius * std::cos(2.0 * std::numbers::pi * uniform01(rng));
}

std::string rng_state(const Rng& rng) {
  std::ostringstream out;
  out << rng;
  return out.str();
}

Rng rng_from_state(const std::string& state) {
  std::istringstream in(state);
  Rng rng;
  in >> rng;
  if (!in) throw Error("random generator state: malformed text of " + std::to_string(state.size()) + " characters");
  return rng;
}

}  // namespace gensynth
