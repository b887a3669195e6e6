// Any bytes as the name of a reference network, including networks named by parameters (nb201:, ofa-mbv3:, kernel:): an
// Error, or a network of that name. A name that is read and written again has the same meaning.
#include "architecture/zoo/nas_bench_201.hpp"
#include "architecture/zoo/once_for_all.hpp"
#include "architecture/zoo/zoo.hpp"
#include "runtime/timing/kernel_suite.hpp"
#include "tests/fuzz/fuzz.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace gensynth;
  return fuzz::accept_or_refuse(data, size, [](const std::string& name) {
    const Architecture network = timing::named_network(name);
    fuzz::demand(network.name() == name);
    if (name.starts_with(zoo::kNasBench201Prefix)) {
      const zoo::Cell cell = zoo::parse_nas_bench_201_cell(name);
      fuzz::demand(zoo::parse_nas_bench_201_cell(to_string(cell)) == cell);
    } else if (name.starts_with(zoo::kOnceForAllPrefix)) {
      const std::string written = to_string(zoo::parse_once_for_all(name));
      fuzz::demand(to_string(zoo::parse_once_for_all(written)) == written);
    } else if (name.starts_with(timing::kKernelPrefix)) {
      const std::string written = to_string(timing::parse_kernel_benchmark(name));
      fuzz::demand(to_string(timing::parse_kernel_benchmark(written)) == written);
    }
  });
}
