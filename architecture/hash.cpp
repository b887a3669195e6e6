#include "architecture/hash.hpp"

#include <bit>

#include "architecture/attributes.hpp"
#include "architecture/base/error.hpp"
#include "architecture/refinement.hpp"

namespace gensynth {
namespace {

__extension__ using Word128 = unsigned __int128;

// A forward pass brings information about all ancestors to a vertex, a backward pass about all descendants; the second
// round then distinguishes vertices whose neighbours differ only in how they are shared.
constexpr int kRounds = 2;

// Digits of pi: constants without structure. Odd where they multiply.
constexpr std::uint64_t kFirst = 0x243f6a8885a308d3ULL;
constexpr std::uint64_t kSecond = 0x13198a2e03707344ULL;
constexpr std::uint64_t kJoin = 0xa4093822299f31d0ULL;
constexpr std::uint64_t kSink = 0x3f84d5b5b5470917ULL;
constexpr std::uint64_t kHigh = 0x082efa98ec4e6c89ULL;
constexpr std::uint64_t kLow = 0x452821e638d01377ULL;
constexpr std::uint64_t kPort = 0xbe5466cf34e90c6dULL;

/// Scales the colour at a port before a sum, so that ports that do not commute differ.
std::uint64_t port_factor(bool commutes, std::size_t port) { return commutes ? 1 : kPort * (2 * port + 3); }

std::uint64_t word(int value) { return static_cast<std::uint64_t>(static_cast<std::uint32_t>(value)); }
std::uint64_t word(bool value) { return value ? 1 : 0; }
std::uint64_t word(double value) { return std::bit_cast<std::uint64_t>(value + 0.0); }  // -0 equals 0
std::uint64_t word(ActivationKind kind) { return static_cast<std::uint64_t>(kind); }
std::uint64_t word(PoolKind kind) { return static_cast<std::uint64_t>(kind); }
std::uint64_t word(ResizeMode mode) { return static_cast<std::uint64_t>(mode); }
std::uint64_t word(const Pair& pair) { return word(pair.h) << 32 | word(pair.w); }

std::uint64_t operator_colour(const Operator& op) {
  // The terms of a sum over (slot, value) do not depend on each other.
  std::uint64_t sum = 0;
  std::visit(
      [&]<class Op>(const Op& concrete) {
        std::uint64_t slot = kHigh;
        attributes(OperatorTag<Op>{}, [&](const char*, auto member, Presence) {
          slot += kPort;
          sum += mix(slot, word(concrete.*member));
        });
      },
      op);
  return mix(op.index(), sum);
}

}  // namespace

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  const Word128 product = static_cast<Word128>(a ^ kFirst) * (b ^ kSecond);
  return static_cast<std::uint64_t>(product >> 64) ^ static_cast<std::uint64_t>(product);
}

bool ports_commute(const Operator& op) {
  return std::holds_alternative<Add>(op) || std::holds_alternative<Multiply>(op);
}

std::vector<std::uint64_t> refined_colours(const Architecture& architecture) {
  const auto count = static_cast<std::size_t>(architecture.size());
  std::vector<std::uint64_t> colours(count);
  std::vector<std::uint64_t> below(count);
  std::vector<char> commutes(count);
  // A flat copy of the edges, because the passes below read them several times.
  std::vector<std::uint32_t> sources;
  std::vector<std::uint32_t> ends(count);
  sources.reserve(2 * count);
  for (std::size_t v = 0; v < count; ++v) {
    const Vertex& vertex = architecture[static_cast<int>(v)];
    colours[v] = operator_colour(vertex.op);
    commutes[v] = ports_commute(vertex.op) ? 1 : 0;
    for (const int u : architecture.inputs(static_cast<int>(v))) sources.push_back(static_cast<std::uint32_t>(u));
    ends[v] = static_cast<std::uint32_t>(sources.size());
  }
  const Shape& in = architecture.shape(architecture.input());
  colours[0] = mix(mix(mix(colours[0], word(in.channels)), word(in.height)), word(in.width));

  for (int round = 0; round < kRounds; ++round) {
    std::size_t first = 0;
    for (std::size_t v = 1; v < count; ++v) {
      const std::size_t end = ends[v];
      if (end == first + 1) {
        colours[v] = mix(colours[v], colours[sources[first]]);
      } else {
        std::uint64_t above = kJoin;
        for (std::size_t e = first; e < end; ++e) {
          above += colours[sources[e]] * port_factor(commutes[v] != 0, e - first);
        }
        colours[v] = mix(colours[v], above);
      }
      first = end;
    }
    below.assign(count, kSink);
    for (std::size_t v = count; v-- > 0;) {
      colours[v] = mix(colours[v], below[v]);
      const std::size_t begin = v == 0 ? 0 : ends[v - 1];
      for (std::size_t e = begin; e < ends[v]; ++e) {
        below[sources[e]] += colours[v] * port_factor(commutes[v] != 0, e - begin);
      }
    }
  }
  return colours;
}

Hash128 canonical_hash(const Architecture& architecture) {
  // A sum of mixed colours is a hash of their multiset, without sorting.
  Hash128 hash;
  for (const std::uint64_t colour : refined_colours(architecture)) {
    hash.high += mix(kHigh, colour);
    hash.low += mix(kLow, colour);
  }
  const auto count = static_cast<std::uint64_t>(architecture.size());
  return {mix(hash.high, count), mix(hash.low, count)};
}

std::string to_string(const Hash128& hash) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  for (const std::uint64_t half : {hash.high, hash.low}) {
    for (int shift = 60; shift >= 0; shift -= 4) text.push_back(kDigits[half >> shift & 15]);
  }
  return text;
}

Hash128 hash_from_string(const std::string& text) {
  if (text.size() != 32 || text.find_first_not_of("0123456789abcdef") != std::string::npos) {
    throw Error("hash '" + text.substr(0, 40) + "': expected 32 hexadecimal digits in lower case");
  }
  return {std::stoull(text.substr(0, 16), nullptr, 16), std::stoull(text.substr(16), nullptr, 16)};
}

}  // namespace gensynth
