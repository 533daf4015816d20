"""Self-assessment workbooks for HKZ norms: generate, fill in, analyze.

The public functions, each in the package of its stage::

    from hkz_xlsx.norm.load import load_library
    from hkz_xlsx.norm.select import select
    from hkz_xlsx.plan_build.build import plan_workbook
    from hkz_xlsx.writing.workbook import write_workbook
    from hkz_xlsx.returned.read import read_workbook
    from hkz_xlsx.assessment.assess import assess
    from hkz_xlsx.report.model import gap_report

Nothing is imported here, so that ``hkz --help`` stays quick.
"""

__version__ = "0.1.0"
