#include "inquisitor/explanation/idle_vertices.hpp"

#include <gtest/gtest.h>

#include <cmath>

#include "architecture/base/error.hpp"
#include "architecture/cost.hpp"

namespace gensynth::explanation {
namespace {

/// Input, convolution of 8 channels, convolution of 4, pooling, linear layer.
Architecture network() {
  ArchitectureBuilder builder("probed", Shape{Layout::map, 3, 8, 8});
  Convolution wide;
  wide.out_channels = 8;
  Convolution narrow;
  narrow.out_channels = 4;
  const int first = builder.add(wide, {0}, {}, "wide");
  const int second = builder.add(narrow, {first}, {}, "narrow");
  const int pooled = builder.add(GlobalPool{}, {second}, {}, "pool");
  Linear head;
  head.out_features = 100;
  return builder.build(builder.add(head, {pooled}, {}, "head"));
}

probe::ProbeResult probe_of(const Architecture& architecture, const std::vector<double>& saliencies) {
  probe::ProbeResult result;
  for (int v = 0; v < architecture.size(); ++v) {
    probe::VertexResponse response;
    response.vertex = v;
    response.saliency = saliencies[static_cast<std::size_t>(v)];
    result.responses.push_back(response);
  }
  return result;
}

TEST(IdleVertices, AreThoseThatAnswerWithLittleOfTheResponse) {
  const Architecture net = network();
  // Responses: root of 512 values x 0.001, of 256 x 0.01, of 100 x 10; pooling and input cost nothing and are not
  // listed.
  const std::vector<VertexCredit> credits = credit_vertices(net, probe_of(net, {5, 0.001, 0.01, 7, 10}));
  ASSERT_EQ(credits.size(), 3U);
  const double wide = 0.001 * std::sqrt(512.0), narrow = 0.16, all = wide + narrow + 100;
  EXPECT_EQ(net[credits[0].vertex].id, "wide");
  EXPECT_NEAR(credits[0].response, wide / all, 1e-12);
  EXPECT_EQ(net[credits[1].vertex].id, "narrow");
  EXPECT_NEAR(credits[1].response, narrow / all, 1e-12);
  EXPECT_TRUE(credits[0].idle);
  EXPECT_TRUE(credits[1].idle);
  EXPECT_FALSE(credits[2].idle);
  const Cost whole = cost(net);
  double params = 0, macs = 0;
  for (const VertexCredit& c : credits) {
    params += c.params_share;
    macs += c.macs_share;
    EXPECT_EQ(c.macs, static_cast<double>(vertex_cost(net, c.vertex).macs));
  }
  EXPECT_NEAR(params, 1, 1e-12);
  EXPECT_NEAR(macs, 1, 1e-12);
  EXPECT_NEAR(credits[0].params_share * static_cast<double>(whole.params), credits[0].params, 1e-9);
}

TEST(IdleVertices, IncludeDeadChannelsAndNoVertexOfAnEvenResponse) {
  const Architecture net = network();
  probe::ProbeResult even = probe_of(net, {0, 1 / std::sqrt(512.0), 1.0 / 16, 0, 1.0 / 10});
  for (const VertexCredit& c : credit_vertices(net, even)) {
    EXPECT_FALSE(c.idle);
    EXPECT_NEAR(c.response, 1.0 / 3, 1e-12);
  }
  even.responses[2].dead = 0.75;
  for (const VertexCredit& c : credit_vertices(net, even)) EXPECT_EQ(c.idle, c.vertex == 2);
}

TEST(IdleVertices, RefuseTheProbeOfAnotherNetwork) {
  const Architecture net = network();
  probe::ProbeResult other = probe_of(net, {1, 1, 1, 1, 1});
  other.responses.back().vertex = 5;
  EXPECT_THROW((void)credit_vertices(net, other), Error);
}

}  // namespace
}  // namespace gensynth::explanation
