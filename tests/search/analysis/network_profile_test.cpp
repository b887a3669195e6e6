#include "search/analysis/network_profile.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/zoo/zoo.hpp"
#include "search/report/networks/profile_report.hpp"

namespace gensynth::analysis {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

NetworkProfile profile(Form form = Form::deployed) {
  return profile_network(zoo::zoo_network("mobilenet-v2-1"), {}, form);
}

TEST(NetworkProfile, StagesAddUpToTheWhole) {
  const NetworkProfile p = profile();
  int kernels = 0;
  std::int64_t macs = 0;
  double ms = 0;
  for (const StageLatency& stage : p.stages) {
    kernels += stage.kernels;
    macs += stage.macs;
    ms += stage.ms;
  }
  EXPECT_GT(p.stages.size(), 3U);
  EXPECT_EQ(kernels, static_cast<int>(p.estimate.kernels.size()));
  EXPECT_EQ(macs, p.total.macs);
  double of_kernels = 0;
  for (const latency::KernelLatency& kernel : p.estimate.kernels) of_kernels += kernel.ms;
  EXPECT_NEAR(ms, of_kernels, 1e-9);
}

TEST(NetworkProfile, CountsWhatFoldingDoes) {
  EXPECT_GT(profile().folded.batch_norms, 10);
  EXPECT_EQ(profile(Form::as_given).folded.batch_norms, 0);
  EXPECT_THROW((void)profile_network(zoo::zoo_network("mobilenet-v2-1"), {.device = "nowhere"}, Form::deployed), Error);
}

TEST(NetworkProfile, RenderersShowTheSameNumbers) {
  const NetworkProfile p = profile();
  const nlohmann::json json = nlohmann::json::parse(report::networks::profile_json(p).dump());
  EXPECT_EQ(json.at("latency_ms"), p.estimate.ms);
  EXPECT_EQ(json.at("stages").size(), p.stages.size());
  EXPECT_EQ(json.at("layers").size(), p.estimate.kernels.size());
  EXPECT_EQ(json.at("folded").at("batch_norms"), p.folded.batch_norms);
  const std::string layers = report::networks::profile_text(p, false);
  const std::string stages = report::networks::profile_text(p, true);
  EXPECT_THAT(layers, HasSubstr("batch norms folded"));
  EXPECT_THAT(stages, HasSubstr("ms predicted, 90 % interval ["));
  EXPECT_GT(layers.size(), 2 * stages.size());
  EXPECT_THAT(report::networks::profile_text(profile(Form::as_given), true), Not(HasSubstr("as deployed")));
  EXPECT_EQ(report::networks::profile_chart(p).kernels.size(), p.estimate.kernels.size());
}

}  // namespace
}  // namespace gensynth::analysis
