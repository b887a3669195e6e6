// Any bytes as a file of weights: an Error, or arrays whose lengths match their shapes.
#include "runtime/weights/safetensors.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gensynth;
  static fuzz::MemoryFile file;
  return fuzz::accept_or_refuse(data, size, [](const std::string& bytes) {
    for (const auto& [name, array] : weights::read_safetensors(file.holding(bytes))) {
      std::int64_t elements = 1;
      for (const std::int64_t extent : array.shape) elements *= extent;
      fuzz::demand(elements == static_cast<std::int64_t>(array.values.size()));
    }
  });
}
