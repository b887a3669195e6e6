#include <gmock/gmock.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "architecture/zoo/zoo.hpp"
#include "runtime/drawing/describe.hpp"
#include "runtime/drawing/drawing.hpp"
#include "runtime/drawing/svg_canvas.hpp"
#include "tests/architecture/random_architecture.hpp"
#include "tests/runtime/drawing/columnar_network.hpp"
#include "tests/runtime/drawing/xml_checker.hpp"

namespace gensynth::drawing {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(XmlChecker, FindsFaults) {
  EXPECT_EQ(xml_fault("<a><b c=\"1\"/>x &amp; y</a>\n"), "");
  for (const char* wrong : {"", "<a>", "<a></b>", "<a b=1/>", "<a>&</a>", "<a b=\"1\" b=\"2\"/>", "<a/><b/>", "<a", "x",
                            "<a b=\"<\"/>", "<a>\x01</a>"}) {
    EXPECT_NE(xml_fault(wrong), "") << wrong;
  }
}

// After an intended change of the drawing, run the test with GENSYNTH_WRITE_GOLDEN=1 and check the difference.
TEST(Svg, GoldenDrawing) {
  const std::string path = std::string(GENSYNTH_SOURCE_DIR) + "/tests/golden/hand_built.svg";
  const std::string drawn = to_svg(columnar_network());
  if (std::getenv("GENSYNTH_WRITE_GOLDEN") != nullptr) std::ofstream(path) << drawn;
  std::ostringstream expected;
  expected << std::ifstream(path).rdbuf();
  EXPECT_EQ(drawn, expected.str());
}

TEST(Svg, IsWellFormed) {
  EXPECT_EQ(xml_fault(to_svg(columnar_network())), "");
  Rng rng(9);
  for (int i = 0; i < 40; ++i) EXPECT_EQ(xml_fault(to_svg(random_architecture(rng, 32, 16 + below(rng, 100)))), "");
}

TEST(Svg, DrawsReferenceNetworks) {
  for (const auto& facts : zoo::zoo_list()) {
    const std::string drawn = to_svg(zoo::zoo_network(facts.name));
    EXPECT_EQ(xml_fault(drawn), "") << facts.name;
    EXPECT_THAT(drawn, HasSubstr(facts.name));
  }
}

TEST(Svg, IsDeterministic) {
  Rng a(4);
  Rng b(4);
  EXPECT_EQ(to_svg(random_architecture(a, 32, 90)), to_svg(random_architecture(b, 32, 90)));
}

TEST(Svg, EscapesNames) {
  ArchitectureBuilder builder("a <b> & \"c\" \x01", {Layout::map, 3, 8, 8});
  const auto net = builder.build(builder.add(GlobalPool{}, 0, {}, "<script>'x'</script>"));
  const std::string drawn = to_svg(net);
  EXPECT_EQ(xml_fault(drawn), "");
  EXPECT_THAT(drawn, HasSubstr("a &lt;b&gt; &amp; &quot;c&quot;"));
  EXPECT_THAT(drawn, Not(HasSubstr("<script>")));
}

TEST(Svg, ShowsModulesAndLinks) {
  const std::string drawn = to_svg(columnar_network());
  for (const char* word : {"DC-AC", "1×1 → 12 ⊕", "column 1", "link between columns", "residual or skip", "blur 3 /2",
                           "condenser", "64 × 64", "depthwise or grouped", "hand-built"}) {
    EXPECT_THAT(drawn, HasSubstr(word));
  }
}

TEST(Svg, FitsTextByLetters) {
  EXPECT_EQ(SvgCanvas::fitted("abc", 100, 10), "abc");
  EXPECT_EQ(SvgCanvas::fitted("××××××××××", 30, 10), "××××…");
}

TEST(Describe, ShortensNumbers) {
  EXPECT_EQ(with_prefix(0), "0");
  EXPECT_EQ(with_prefix(999), "999");
  EXPECT_EQ(with_prefix(1000), "1.00 k");
  EXPECT_EQ(with_prefix(999'600), "1.00 M");
  EXPECT_EQ(with_prefix(2'542'856), "2.54 M");
  EXPECT_EQ(with_prefix(378e6), "378 M");
}

TEST(Dot, HasClustersAndPorts) {
  const std::string dot = to_dot(columnar_network());
  EXPECT_THAT(dot, HasSubstr("subgraph cluster_stage0 {"));
  EXPECT_THAT(dot, HasSubstr("subgraph cluster_stage1_column1 {"));
  EXPECT_THAT(dot, HasSubstr("[headlabel=\"1\"]"));
  EXPECT_EQ(std::count(dot.begin(), dot.end(), '{'), std::count(dot.begin(), dot.end(), '}'));
}

TEST(Dot, EveryVertexAndEdgeOnce) {
  Rng rng(11);
  const auto net = random_architecture(rng, 32, 80);
  const std::string dot = to_dot(net);
  std::size_t edges = 0;
  for (std::size_t at = dot.find(" -> v"); at != std::string::npos; at = dot.find(" -> v", at + 1)) ++edges;
  EXPECT_EQ(edges, boost::num_edges(net.graph()));
  for (int v = 0; v < net.size(); ++v) {
    const std::string node = " v" + std::to_string(v) + " [label=";
    EXPECT_NE(dot.find(node), std::string::npos);
    EXPECT_EQ(dot.find(node), dot.rfind(node));
  }
}

TEST(Dot, EscapesNames) {
  ArchitectureBuilder builder("a \"b\" \\", {Layout::map, 3, 8, 8});
  const std::string dot = to_dot(builder.build(builder.add(GlobalPool{}, 0)));
  EXPECT_THAT(dot, HasSubstr("digraph \"a \\\"b\\\" \\\\\" {"));
}

}  // namespace
}  // namespace gensynth::drawing
