using System.Globalization;
using System.Text.RegularExpressions;
using Gir.Imaging.Random;

namespace Gir.Degradations.Tests;

/// <summary>docs/degradations.md tells random ranges as they are drawn, and the catalog says enough for a page of each operator (Gir.Docs.Tests holds the pages against it).</summary>
public sealed class CatalogPageTests
{
    [Test]
    public void The_random_ranges_of_the_page_are_those_that_are_drawn()
    {
        string page = File.ReadAllText(Path.Combine(TestData.Root, "docs", "degradations.md"));
        var told = Regex.Matches(page, @"^\| `([a-z-]+)` \| `([A-Za-z-]+)` \| ([0-9.]+) \| ([0-9.]+) \|", RegexOptions.Multiline)
            .ToDictionary(m => (m.Groups[1].Value, m.Groups[2].Value), m => (Least: Number(m.Groups[3]), Most: Number(m.Groups[4])));
        Assert.That(told, Has.Count.EqualTo(13));
        foreach (DegradationDescriptor descriptor in DegradationCatalog.All)
        {
            var random = new PhiloxRandom(5);
            DegradationParameterSet[] draws = [.. Enumerable.Range(0, 2000).Select(_ => descriptor.Describe(descriptor.Sample(random)))];
            foreach (DegradationParameter parameter in descriptor.Parameters)
            {
                DegradationValue[] values = [.. draws.Select(d => d.Values.First(v => v.Key == parameter.Name).Value)];
                if (!told.TryGetValue((descriptor.Name, parameter.Name), out (double Least, double Most) range))
                {
                    Assert.That(values, Is.All.EqualTo(parameter.Default), $"{descriptor.Name}: {parameter.Name}");
                    continue;
                }

                double slack = 0.01 * (range.Most - range.Least);
                Assert.That(values.Min(v => v.Number), Is.EqualTo(range.Least).Within(slack), $"{descriptor.Name}: least {parameter.Name}");
                Assert.That(values.Max(v => v.Number), Is.EqualTo(range.Most).Within(slack), $"{descriptor.Name}: most {parameter.Name}");
            }
        }

        static double Number(Group text) => double.Parse(text.Value, CultureInfo.InvariantCulture);
    }

    [Test]
    public void Every_operator_and_parameter_says_what_it_does()
    {
        foreach (DegradationDescriptor descriptor in DegradationCatalog.All)
        {
            Assert.That(descriptor.Summary, Does.EndWith("."), descriptor.Name);
            foreach (DegradationParameter parameter in descriptor.Parameters)
                Assert.That(parameter.Summary, Does.EndWith(".").And.Not.Contain('|'), $"{descriptor.Name}.{parameter.Name}");
        }
    }
}
