// Any bytes as an architecture file: an Error, or a network that survives counting, hashing, folding and a round trip.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "architecture/cost.hpp"
#include "architecture/error.hpp"
#include "architecture/fold.hpp"
#include "architecture/hash.hpp"
#include "architecture/json_reader.hpp"
#include "architecture/serialize.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gensynth;
  try {
    const std::string text(reinterpret_cast<const char*>(data), size);
    const Architecture net = architecture_from_json(parse_json(text, "fuzz"), "fuzz");
    const Cost total = cost(net);
    if (total.params < 0 || total.macs < 0 || total.activation_bytes < 0 || total.peak_memory_bytes < 0) std::abort();
    fold(net);
    const Architecture again = architecture_from_json(parse_json(to_text(net), "again"), "again");
    if (to_text(again) != to_text(net) || canonical_hash(again) != canonical_hash(net)) std::abort();
  } catch (const Error&) {  // the one way to refuse
  }
  return 0;
}
