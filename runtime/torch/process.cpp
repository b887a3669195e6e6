#include "runtime/torch/process.hpp"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <torch/version.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

#include <limits>
#include <mutex>

#include "architecture/base/error.hpp"
#include "runtime/torch/network.hpp"

namespace gensynth::libtorch {
namespace {

int cuda_devices() {
  const c10::DeviceType cuda = c10::DeviceType::CUDA;
  return c10::impl::hasDeviceGuardImpl(cuda) ? c10::impl::getDeviceGuardImpl(cuda)->deviceCount() : 0;
}

/// Keeps the memory of freed tensors: by default every step returns it to the system and gets it back as zeroed pages,
/// which took a sixth of a small network's training time. The process of a trial is short, so that keeping it is safe.
void keep_freed_memory() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 32 << 20);  // the largest that glibc allows
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  mallopt(M_TOP_PAD, 64 << 20);
#endif
}

}  // namespace

c10::Device torch_device(const std::string& name) {
  if (name == "cpu") return c10::Device(c10::kCPU);
  const std::vector<std::string> known = torch_devices();
  const std::string full = name == "cuda" ? "cuda:0" : name;
  for (const std::string& device : known) {
    if (device == full) return c10::Device(full);
  }
  std::string list;
  for (const std::string& device : known) list += (list.empty() ? "'" : ", '") + device + "'";
  throw Error("device '" + name + "' is not there; this machine has " + list + suggestion(name, known));
}

bool knows_accelerators() {
  for (int i = 0; i < c10::COMPILE_TIME_MAX_DEVICE_TYPES; ++i) {
    const auto type = static_cast<c10::DeviceType>(i);
    const bool runs_here = type == c10::kCPU || type == c10::kMeta || type == c10::kLazy;
    if (!runs_here && c10::impl::hasDeviceGuardImpl(type)) return true;
  }
  return false;
}

void set_up_torch_process() {
  static std::once_flag once;
  std::call_once(once, [] {
    keep_freed_memory();
    at::set_num_threads(1);
    try {
      at::set_num_interop_threads(1);
    } catch (const c10::Error&) {
      // The call fails if another library in this process has started the pool. No operator used here runs on it.
    }
  });
  at::globalContext().setFlushDenormal(true);  // holds for the calling thread
  // Flags of CUDA's convolutions; setting them uses no device. Results are repeatable, and the CPU's up to rounding.
  at::globalContext().setDeterministicCuDNN(true);
  at::globalContext().setAllowTF32CuDNN(false);
}

std::string torch_version() { return TORCH_VERSION; }

std::vector<std::string> torch_devices() {
  std::vector<std::string> out{"cpu"};
  for (int i = 0; i < cuda_devices(); ++i) out.push_back("cuda:" + std::to_string(i));
  return out;
}

}  // namespace gensynth::libtorch
