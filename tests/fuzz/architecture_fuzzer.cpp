// Any bytes as an architecture file: an Error, or a network that survives counting, hashing, folding and a round trip.
#include <nlohmann/json.hpp>

#include "architecture/base/json_reader.hpp"
#include "architecture/cost.hpp"
#include "architecture/hash.hpp"
#include "architecture/rewrite/fold.hpp"
#include "architecture/serialize.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gensynth;
  return fuzz::accept_or_refuse(data, size, [](const std::string& text) {
    const Architecture net = architecture_from_json(parse_json(text, "fuzz"), "fuzz");
    const Cost total = cost(net);
    fuzz::demand(total.params >= 0 && total.macs >= 0 && total.activation_bytes >= 0 && total.peak_memory_bytes >= 0);
    fold(net);
    const Architecture again = architecture_from_json(parse_json(to_text(net), "again"), "again");
    fuzz::demand(to_text(again) == to_text(net) && canonical_hash(again) == canonical_hash(net));
    fuzz::demand(isomorphic(again, net));
  });
}
