#include "runtime/data/digest.hpp"

#include <cstdio>
#include <cstring>

namespace gensynth::data {
namespace {

constexpr std::uint64_t kOddA = 0x9e3779b97f4a7c15U;
constexpr std::uint64_t kOddB = 0xd6e8feb86659fd93U;

std::uint64_t finish(std::uint64_t h) {
  h = (h ^ (h >> 32)) * kOddB;
  h = (h ^ (h >> 29)) * kOddA;
  return h ^ (h >> 32);
}

}  // namespace

Digest digest(const void* bytes, std::size_t size) {
  const auto* at = static_cast<const unsigned char*>(bytes);
  std::uint64_t a = size * kOddA;
  std::uint64_t b = ~size * kOddB;
  // Each step is a bijection of the state for every word, so that different contents collide only by chance, in both
  // lanes.
  const auto mix = [&](std::uint64_t word) {
    a = (a ^ word) * kOddA;
    a ^= a >> 31;
    b = (b + word) * kOddB;
    b ^= b >> 33;
  };
  for (; size >= 8; size -= 8, at += 8) {
    std::uint64_t word;
    std::memcpy(&word, at, 8);
    mix(word);
  }
  std::uint64_t tail = 0;
  if (size > 0) std::memcpy(&tail, at, size);
  mix(tail);
  return {finish(a), finish(b)};
}

std::string to_string(const Digest& digest) {
  char text[33];
  std::snprintf(text, sizeof text, "%016llx%016llx", static_cast<unsigned long long>(digest.a),
                static_cast<unsigned long long>(digest.b));
  return text;
}

}  // namespace gensynth::data
