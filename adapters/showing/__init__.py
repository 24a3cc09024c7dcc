"""What commands print: tables of rows, cases, certificates, reports and the delivery log."""
