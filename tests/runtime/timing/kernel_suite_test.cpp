#include "runtime/timing/kernel_suite.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <set>

#include "architecture/base/error.hpp"
#include "architecture/cost.hpp"
#include "architecture/rewrite/fold.hpp"
#include "architecture/zoo/zoo.hpp"

namespace gensynth::timing {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string message_of(const std::string& name) {
  try {
    named_network(name);
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

template <class Op>
int count(const Architecture& network) {
  int found = 0;
  for (int v = 0; v < network.size(); ++v) found += std::holds_alternative<Op>(network.op(v));
  return found;
}

TEST(KernelSuite, EveryNameBuildsAndIsItsOwn) {
  std::set<std::string> names;
  for (const std::string& name : kernel_suite()) {
    const Architecture network = named_network(name);
    EXPECT_EQ(network.name(), name);
    EXPECT_EQ(to_string(parse_kernel_benchmark(name)), name);
    EXPECT_TRUE(names.insert(name).second) << name << " twice";
    EXPECT_EQ(network.shape(network.output()).height, 1) << name;
    EXPECT_EQ(fold(network).size(), network.size()) << name << ": something folds away";
  }
  EXPECT_GT(names.size(), 150U);
}

TEST(KernelSuite, EveryKindBuildsAtTheResolutionsOfTheSpace) {
  for (const std::string& kind : kernel_kinds()) {
    for (const int px : {7, 14, 28, 56, 112}) {
      EXPECT_EQ(message_of("kernel:" + kind + "-c16-px" + std::to_string(px)), "") << kind;
    }
  }
}

TEST(KernelSuite, CountsAreThoseOfTheNames) {
  const Architecture depthwise = named_network("kernel:depthwise5x5-c24-px28");
  EXPECT_EQ(cost(depthwise).macs, std::int64_t{6} * 24 * 28 * 28 * 25 + 0);
  EXPECT_EQ(cost(depthwise).params, 6 * 24 * (25 + 1));
  const Architecture grouped = named_network("kernel:grouped4-c32-px14");
  EXPECT_EQ(cost(grouped).macs, std::int64_t{6} * 32 * 8 * 9 * 14 * 14);
  const Architecture blur = named_network("kernel:blur3-c24-px56");  // 28, 14, 7, 4, 2
  EXPECT_EQ(count<BlurPool>(blur), 5);
  EXPECT_EQ(count<Convolution>(blur), 0);
  EXPECT_EQ(count<Resize>(named_network("kernel:nearest4-c16-px28")), 4);
  EXPECT_EQ(count<Concat>(named_network("kernel:concat-c16-px28")), 6);
  EXPECT_EQ(count<Linear>(named_network("kernel:linear-c256-px1")), 6);
  const Architecture stem = named_network("kernel:stem3x3s2-c16-px224");
  EXPECT_EQ(stem.shape(0).channels, 3);
  EXPECT_EQ(cost(stem).macs, std::int64_t{16} * 27 * 112 * 112);
  EXPECT_EQ(count<Convolution>(named_network("kernel:columns4-c16-px28")), 3 * 4 * 2 + 1);
}

TEST(KernelSuite, NamesTheMistake) {
  EXPECT_THAT(message_of("kernel:blurr3-c16-px28"), AllOf(HasSubstr("blurr3"), HasSubstr("did you mean 'blur3'")));
  for (const char* unknown : {"kernel:foo-c24-px56", "kernel:foo", "kernel:"}) {
    for (const std::string& kind : kernel_kinds()) EXPECT_THAT(message_of(unknown), HasSubstr(kind)) << unknown;
  }
  EXPECT_THAT(message_of("kernel:blur3-c16"),
              AllOf(HasSubstr("kernel:KIND-cCHANNELS-pxEXTENT"), HasSubstr("such as kernel:blur3-c24-px56")));
  EXPECT_THAT(message_of("kernel:blur3"), HasSubstr("kernel:KIND-cCHANNELS-pxEXTENT"));
  EXPECT_THAT(message_of("kernel:blur3-c12-px28"), HasSubstr("multiple of 8"));
  EXPECT_THAT(message_of("kernel:blur3-x16-px28"), AllOf(HasSubstr("'x16'"), HasSubstr("expected c")));
  EXPECT_THAT(message_of("kernel:blur3-c16-px0"), AllOf(HasSubstr("px0"), HasSubstr("1 to 1024")));
  EXPECT_THAT(message_of("kernel:blur5-c16-px2"), HasSubstr("at least 4"));
}

TEST(KernelSuite, KindsAreThoseOfTheCommandsPage) {
  std::ifstream page(std::string(GENSYNTH_SOURCE_DIR) + "/docs/cli.md");
  std::vector<std::string> described;
  bool in_table = false;
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("| KIND |")) in_table = true;
    if (!line.starts_with("|")) in_table = false;
    if (!in_table || !line.starts_with("| `")) continue;
    const std::size_t end = line.find('`', 3);
    ASSERT_NE(end, std::string::npos) << line;
    described.push_back(line.substr(3, end - 3));
    EXPECT_GT(line.size(), end + 15) << line;
  }
  EXPECT_EQ(described, kernel_kinds());
}

}  // namespace
}  // namespace gensynth::timing
