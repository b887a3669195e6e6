#include "runtime/probe/warm_up.hpp"

#include <c10/core/impl/DeviceGuardImplInterface.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runtime/probe/probe.hpp"
#include "runtime/torch/process.hpp"

namespace gensynth::probe {
namespace {

/// Whether a child of this process can run the forward and backward pass of a probe.
bool a_child_can_probe() {
  const pid_t process = fork();
  if (process == 0) {
    alarm(60);
    try {
      ArchitectureBuilder builder("child", Shape{Layout::map, 3, 8, 8});
      const int pooled = builder.add(GlobalPool{}, builder.add(Convolution{.out_channels = 4}, builder.input()));
      _exit(probe(builder.build(builder.add(Linear{5}, pooled)), nullptr, 2, 1).finite ? 0 : 1);
    } catch (const std::exception&) {
      _exit(2);
    }
  }
  int status = 0;
  return process > 0 && waitpid(process, &status, 0) == process && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

TEST(WarmUpTest, ChildrenCanGoBackwardBesideAnAccelerator) {
  // A device that does nothing replaces a GPU, which makes no difference to autograd.
  constexpr c10::DeviceType kDevice = c10::DeviceType::PrivateUse1;
  static c10::impl::NoOpDeviceGuardImpl<kDevice> guard;
  const c10::impl::DeviceGuardImplRegistrar registered(kDevice, &guard);
  ASSERT_TRUE(libtorch::knows_accelerators());
  warm_up_before_fork();
  EXPECT_TRUE(a_child_can_probe());
}

TEST(WarmUpTest, ChildrenCanGoBackwardAfterIt) {
  warm_up_before_fork();
  EXPECT_TRUE(a_child_can_probe());
}

}  // namespace
}  // namespace gensynth::probe
